// expect: 38000
export default async function handle() {
  Object.prototype.polluted = 1;
}
