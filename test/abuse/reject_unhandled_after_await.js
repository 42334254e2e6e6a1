// expect: 38000
export default async function handle() {
  (async () => { await null; throw new Error('lost'); })();
  await null;
}
