// expect: 38000
export default async function handle() {
  try { throw new Error('a'); } finally { throw new Error('b'); }
}
