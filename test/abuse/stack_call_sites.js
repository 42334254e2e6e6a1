// expect: string
export default async function handle() {
  const e = new Error('x');
  return typeof e.stack;
}
