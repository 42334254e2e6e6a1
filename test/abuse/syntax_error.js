// expect: 42601
export default () => {;
