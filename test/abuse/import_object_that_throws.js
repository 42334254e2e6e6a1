// expect: 38000
export default async function handle() {
  await import({ toString() { throw new Error('x'); } });
}
