package org.modalimmune.conformance;

/**
 * An unevaluated sum of two float64 numbers, about 106 bits: the arithmetic of the expected values.
 *
 * <p>Source: Dekker, "A floating-point technique for extending the available precision", Numer.
 * Math. 18 (1971); error-free sums after Knuth, products by fused multiply-add.
 *
 * @param hi the value rounded to float64
 * @param lo the rest
 */
public record DoubleDouble(double hi, double lo) {
  /** Zero. */
  public static final DoubleDouble ZERO = new DoubleDouble(0, 0);

  /** One. */
  public static final DoubleDouble ONE = new DoubleDouble(1, 0);

  /** A float64 number, exactly. */
  public static DoubleDouble of(double x) {
    return new DoubleDouble(x, 0);
  }

  /** a + b, exactly. */
  public static DoubleDouble sum(double a, double b) {
    double s = a + b;
    double bb = s - a;
    return new DoubleDouble(s, (a - (s - bb)) + (b - bb));
  }

  /** a b, exactly but for underflow. */
  public static DoubleDouble product(double a, double b) {
    double p = a * b;
    return new DoubleDouble(p, Math.fma(a, b, -p));
  }

  /** Sum. */
  public DoubleDouble plus(DoubleDouble y) {
    DoubleDouble s = sum(hi, y.hi);
    DoubleDouble t = sum(lo, y.lo);
    DoubleDouble v = normalized(s.hi, s.lo + t.hi);
    return normalized(v.hi, v.lo + t.lo);
  }

  /** Sum. */
  public DoubleDouble plus(double y) {
    DoubleDouble s = sum(hi, y);
    return normalized(s.hi, s.lo + lo);
  }

  /** Difference. */
  public DoubleDouble minus(DoubleDouble y) {
    return plus(y.negated());
  }

  /** Product. */
  public DoubleDouble times(DoubleDouble y) {
    DoubleDouble p = product(hi, y.hi);
    return normalized(p.hi, p.lo + (hi * y.lo + lo * y.hi));
  }

  /** Product. */
  public DoubleDouble times(double y) {
    DoubleDouble p = product(hi, y);
    return normalized(p.hi, p.lo + lo * y);
  }

  /** Quotient. */
  public DoubleDouble over(DoubleDouble y) {
    double q1 = hi / y.hi;
    DoubleDouble r = minus(y.times(q1));
    double q2 = r.hi / y.hi;
    r = r.minus(y.times(q2));
    return normalized(q1, q2).plus(r.hi / y.hi);
  }

  /** Quotient. */
  public DoubleDouble over(double y) {
    return over(of(y));
  }

  /** Square root of a number that is at least 0. */
  public DoubleDouble sqrt() {
    if (hi == 0) {
      return ZERO;
    }
    double r = Math.sqrt(hi);
    return sum(r, minus(product(r, r)).hi / (2 * r));
  }

  /** The negative. */
  public DoubleDouble negated() {
    return new DoubleDouble(-hi, -lo);
  }

  /** The magnitude. */
  public DoubleDouble abs() {
    return hi < 0 ? negated() : this;
  }

  /** Scaled by a power of two. */
  public DoubleDouble scaled(int exponent) {
    return new DoubleDouble(Math.scalb(hi, exponent), Math.scalb(lo, exponent));
  }

  private static DoubleDouble normalized(double a, double b) {
    double s = a + b;
    return new DoubleDouble(s, b - (s - a));
  }

  /** Running sum of float64 numbers and products with about 106 bits; not for several threads. */
  public static final class Sum {
    private double hi;
    private double lo;

    /** Starts at 0. */
    public Sum() {}

    /** Adds a number. */
    public void add(double x) {
      double s = hi + x;
      double b = s - hi;
      double e = (hi - (s - b)) + (x - b) + lo;
      hi = s + e;
      lo = e - (hi - s);
    }

    /** Adds a product. */
    public void addProduct(double a, double b) {
      double p = a * b;
      add(p);
      add(Math.fma(a, b, -p));
    }

    /** Adds a number. */
    public void add(DoubleDouble x) {
      add(x.hi);
      add(x.lo);
    }

    /** The sum so far. */
    public DoubleDouble value() {
      return new DoubleDouble(hi, lo);
    }
  }
}
