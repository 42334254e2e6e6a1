// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(new ArrayBuffer(1e5));
}
