/** Empty, but there: without it Next looks for one in the folders above. */
export default {};
