// expect: 38000
export default async function handle() {
  const f = () => f() + 1;
  f();
}
