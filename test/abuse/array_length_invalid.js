// expect: 38000
export default async function handle() {
  [].length = -1;
}
