// expect: 38000
export default async function handle() {
  (async () => {}).constructor('return 1')();
}
