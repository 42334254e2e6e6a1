// expect: 38000
export default async function handle() {
  (() => {}).constructor('return 1')();
}
