// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(new Uint8Array(1e6));
}
