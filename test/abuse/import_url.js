// expect: 38000|22023
export default async function handle() {
  await import('file:///etc/passwd');
}
