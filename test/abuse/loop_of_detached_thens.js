// expect: 57014,53200
export default async function handle() {
  await new Promise(() => { const f = () => queue.then(f); const queue = Promise.resolve(); f(); });
}
