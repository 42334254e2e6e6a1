// expect: 38000
export default async function handle() {
  eval('1');
}
