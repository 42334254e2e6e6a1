// expect: 38000
export default async function handle() {
  Math.max.apply(null, new Array(1e7).fill(1));
}
