// expect: 38000
export default function handle() {
  throw new Error('x');
}
