// expect: 38000
export default async function handle() {
  console.log.constructor('return globalThis')();
}
