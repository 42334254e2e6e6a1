// expect: 38000
export default async function handle() {
  Promise.prototype.then = function () { for (;;); };
}
