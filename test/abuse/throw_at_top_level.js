// expect: 38000
throw new Error('x');
export default () => 1;
