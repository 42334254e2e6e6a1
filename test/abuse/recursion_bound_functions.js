// expect: 38000|1|undefined
export default async function handle() {
  let f = () => 1;
  for (let i = 0; i < 1e5; i++) f = f.bind();
  f();
}
