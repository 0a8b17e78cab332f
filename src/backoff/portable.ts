/**
 * Logarithm, power and hyperbolic tangent from `+ - * /` and `Math.sqrt` alone, which IEEE 754 defines to the last bit: the
 * functions of `Math` differ between engines, and what they return would reach a digest. Errors are below 1e-14 of the
 * result, which the test compares with `Math`.
 */

const SQRT2 = Math.sqrt(2);
const LN2 = 2 * artanh(1 / 3);

/** The natural logarithm of a number above 0. */
export function ln(x: number): number {
  let m = x;
  let exponent = 0;
  for (; m > SQRT2; exponent++) m /= 2;
  for (; m < SQRT2 / 2; exponent--) m *= 2;
  // ln m = 2 artanh((m - 1) / (m + 1)), and that quotient is at most 0.172.
  return exponent * LN2 + 2 * artanh((m - 1) / (m + 1));
}

/** The inverse hyperbolic tangent of q, up to 1/3: 20 terms leave less than 1e-19. */
function artanh(q: number): number {
  const square = q * q;
  let sum = 0;
  for (let n = 39; n > 0; n -= 2) sum = sum * square + 1 / n;
  return q * sum;
}

/** e to the power of x; Infinity from 709 on, 0 below -745. */
export function exp(x: number): number {
  if (x > 709) return Number.POSITIVE_INFINITY;
  if (x < -745) return 0;
  const halvings = Math.floor(x / LN2 + 0.5);
  const rest = x - halvings * LN2;
  let sum = 1;
  for (let n = 18; n > 0; n--) sum = 1 + (sum * rest) / n;
  for (let n = 0; n < halvings; n++) sum *= 2;
  for (let n = 0; n > halvings; n--) sum /= 2;
  return sum;
}

/** The hyperbolic tangent of x, 0 or more. */
export const tanh = (x: number): number => 1 - 2 / (exp(2 * x) + 1);
