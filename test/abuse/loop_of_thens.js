// expect: 57014,53200
export default async function handle() {
  const f = () => Promise.resolve().then(f); await f();
}
