// expect: true
export default async function handle() {
  let p = {};
  for (let i = 0; i < 2e4; i++) p = Object.create(p);
  return p.x === undefined;
}
