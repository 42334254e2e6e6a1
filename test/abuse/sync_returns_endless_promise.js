// expect: 39P01
export default function handle() {
  return new Promise(() => {});
}
