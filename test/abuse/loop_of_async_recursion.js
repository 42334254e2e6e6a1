// expect: 57014,53200
export default async function handle() {
  const f = async () => { await null; return f(); }; await f();
}
