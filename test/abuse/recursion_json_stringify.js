// expect: 38000
export default async function handle() {
  let o = {};
  for (let i = 0; i < 1e5; i++) o = { o };
  JSON.stringify(o);
}
