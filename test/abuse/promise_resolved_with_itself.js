// expect: 38000
export default async function handle() {
  let resolve;
  const p = new Promise(r => { resolve = r; });
  resolve(p);
  await p;
}
