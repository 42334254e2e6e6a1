// expect: 38000
export default async function handle() {
  throw { toString() { return String(this); } };
}
