// expect: 38000
export default async function handle() {
  new Function('return 1')();
}
