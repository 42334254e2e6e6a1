// expect: 57014
export default async function handle() {
  throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });
}
