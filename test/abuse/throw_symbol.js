// expect: 38000
export default async function handle() {
  throw Symbol('s');
}
