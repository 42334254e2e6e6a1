// expect: 38000
export default async function handle() {
  (function* () {}).constructor('yield 1')();
}
