// expect: 53200
export default async function handle() {
  const b = new ArrayBuffer(1e6); const a = []; for (;;) a.push(b.slice(0));
}
