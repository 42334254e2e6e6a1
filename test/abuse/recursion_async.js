// expect: 38000
export default async function handle() {
  const f = async () => { await f(); };
  await f();
}
