// expect: 53200
export default async function handle() {
  const a = Array(1e6).fill('abcdefgh'); const r = []; for (;;) r.push(JSON.stringify(a));
}
