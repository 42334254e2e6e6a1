// expect: 38000
export default async function handle() {
  BigInt.prototype.toJSON = () => 'forged';
}
