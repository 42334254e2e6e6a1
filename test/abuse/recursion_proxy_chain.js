// expect: 38000
export default async function handle() {
  let p = {};
  for (let i = 0; i < 1e5; i++) p = new Proxy(p, {});
  p.x;
}
