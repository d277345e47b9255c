using System.Numerics;

namespace P2PDB.Engine.Types;

// A 256-bit unsigned integer, least significant word first: the digits of a SqlDecimal without sign and point.
// 10^77 fits, so that sums of two 65-digit values and one multiplication by ten never overflow unseen.
internal readonly struct DecimalMagnitude : IEquatable<DecimalMagnitude>, IComparable<DecimalMagnitude>
{
    /// <summary>10^77 is the largest power of ten below 2^256.</summary>
    public const int PowerMax = 77;

    private static readonly DecimalMagnitude[] Powers = MakePowers();

    public readonly ulong Word0;
    public readonly ulong Word1;
    public readonly ulong Word2;
    public readonly ulong Word3;

    public DecimalMagnitude(ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Word0 = word0;
        Word1 = word1;
        Word2 = word2;
        Word3 = word3;
    }

    public DecimalMagnitude(UInt128 value)
        : this((ulong)value, (ulong)(value >> 64))
    {
    }

    public bool IsZero => (Word0 | Word1 | Word2 | Word3) == 0;

    public bool IsOneWord => (Word1 | Word2 | Word3) == 0;

    public bool IsTwoWords => (Word2 | Word3) == 0;

    public bool IsOdd => (Word0 & 1) != 0;

    public UInt128 Low => new(Word1, Word0);

    public int BitLength => Word3 != 0 ? 256 - BitOperations.LeadingZeroCount(Word3)
        : Word2 != 0 ? 192 - BitOperations.LeadingZeroCount(Word2)
        : Word1 != 0 ? 128 - BitOperations.LeadingZeroCount(Word1)
        : 64 - BitOperations.LeadingZeroCount(Word0);

    /// <summary>Decimal digits; 0 for zero.</summary>
    public int DigitCount
    {
        get
        {
            // 1233/4096 is just above log10(2): the estimate is the count or one too low.
            int estimate = (BitLength * 1233) >> 12;
            return CompareTo(Powers[estimate]) >= 0 ? estimate + 1 : estimate;
        }
    }

    public static ref readonly DecimalMagnitude PowerOfTen(int exponent) => ref Powers[exponent];

    public static DecimalMagnitude Add(in DecimalMagnitude a, in DecimalMagnitude b)
    {
        UInt128 sum = (UInt128)a.Word0 + b.Word0;
        ulong word0 = (ulong)sum;
        sum = (sum >> 64) + a.Word1 + b.Word1;
        ulong word1 = (ulong)sum;
        sum = (sum >> 64) + a.Word2 + b.Word2;
        ulong word2 = (ulong)sum;
        return new DecimalMagnitude(word0, word1, word2, unchecked((ulong)(sum >> 64) + a.Word3 + b.Word3));
    }

    /// <summary>a - b, where a is not below b.</summary>
    public static DecimalMagnitude Subtract(in DecimalMagnitude a, in DecimalMagnitude b)
    {
        unchecked
        {
            ulong word0 = a.Word0 - b.Word0;
            ulong borrow = a.Word0 < b.Word0 ? 1UL : 0;
            ulong word1 = a.Word1 - b.Word1 - borrow;
            borrow = a.Word1 < b.Word1 || (a.Word1 == b.Word1 && borrow != 0) ? 1UL : 0;
            ulong word2 = a.Word2 - b.Word2 - borrow;
            borrow = a.Word2 < b.Word2 || (a.Word2 == b.Word2 && borrow != 0) ? 1UL : 0;
            return new DecimalMagnitude(word0, word1, word2, a.Word3 - b.Word3 - borrow);
        }
    }

    /// <summary>value * 10^exponent; false when it does not fit 256 bits.</summary>
    public static bool TryScaleUp(in DecimalMagnitude value, int exponent, out DecimalMagnitude result)
    {
        if (exponent == 0 || value.IsZero)
        {
            result = value;
            return true;
        }

        if (exponent > PowerMax)
        {
            result = default;
            return false;
        }

        if (value.IsOneWord && exponent <= 19)
        {
            result = new DecimalMagnitude((UInt128)value.Word0 * Powers[exponent].Word0);
            return true;
        }

        Span<ulong> product = stackalloc ulong[8];
        Multiply(value, Powers[exponent], product);
        result = new DecimalMagnitude(product[0], product[1], product[2], product[3]);
        return (product[4] | product[5] | product[6] | product[7]) == 0;
    }

    /// <summary>The 512-bit product.</summary>
    public static void Multiply(in DecimalMagnitude a, in DecimalMagnitude b, Span<ulong> product)
    {
        product.Clear();
        ReadOnlySpan<ulong> left = [a.Word0, a.Word1, a.Word2, a.Word3];
        ReadOnlySpan<ulong> right = [b.Word0, b.Word1, b.Word2, b.Word3];
        for (int i = 0; i < 4; i++)
        {
            if (left[i] == 0)
                continue;
            ulong carry = 0;
            for (int j = 0; j < 4; j++)
            {
                UInt128 sum = (UInt128)left[i] * right[j] + product[i + j] + carry;
                product[i + j] = (ulong)sum;
                carry = (ulong)(sum >> 64);
            }

            product[i + 4] = carry;
        }
    }

    /// <summary>
    /// Divides a number of up to 512 bits. False when the quotient needs more than 256 bits. Schoolbook division by
    /// 32-bit digits (Knuth, algorithm D); one- and two-word operands take the hardware's division.
    /// </summary>
    public static bool TryDivide(ReadOnlySpan<ulong> dividend, in DecimalMagnitude divisor,
        out DecimalMagnitude quotient, out DecimalMagnitude remainder)
    {
        int words = dividend.Length;
        while (words > 0 && dividend[words - 1] == 0)
            words--;
        if (words <= 2 && divisor.IsTwoWords)
        {
            UInt128 value = new(words > 1 ? dividend[1] : 0, words > 0 ? dividend[0] : 0);
            (UInt128 q, UInt128 r) = UInt128.DivRem(value, divisor.Low);
            quotient = new DecimalMagnitude(q);
            remainder = new DecimalMagnitude(r);
            return true;
        }

        Span<uint> numerator = stackalloc uint[18];
        numerator.Clear();
        for (int i = 0; i < words; i++)
        {
            numerator[2 * i] = (uint)dividend[i];
            numerator[(2 * i) + 1] = (uint)(dividend[i] >> 32);
        }

        Span<uint> denominator =
        [
            (uint)divisor.Word0, (uint)(divisor.Word0 >> 32), (uint)divisor.Word1, (uint)(divisor.Word1 >> 32),
            (uint)divisor.Word2, (uint)(divisor.Word2 >> 32), (uint)divisor.Word3, (uint)(divisor.Word3 >> 32),
        ];
        Span<uint> digits = stackalloc uint[18];
        digits.Clear();
        LongDivide(numerator, words * 2, denominator, digits);
        quotient = Pack(digits);
        remainder = Pack(numerator);
        for (int i = 8; i < digits.Length; i++)
        {
            if (digits[i] != 0)
                return false;
        }

        return true;
    }

    public static void Divide(in DecimalMagnitude dividend, in DecimalMagnitude divisor,
        out DecimalMagnitude quotient, out DecimalMagnitude remainder)
    {
        ReadOnlySpan<ulong> words = [dividend.Word0, dividend.Word1, dividend.Word2, dividend.Word3];
        TryDivide(words, divisor, out quotient, out remainder);
    }

    /// <summary>Divides by 10^exponent, rounding half away from zero, or toward zero.</summary>
    public static DecimalMagnitude ScaleDown(in DecimalMagnitude value, int exponent, bool truncate = false)
    {
        if (exponent <= 0)
            return value;
        if (exponent > PowerMax)
            return default;
        Divide(value, Powers[exponent], out DecimalMagnitude quotient, out DecimalMagnitude remainder);
        return !truncate && IsHalfOrMore(remainder, Powers[exponent]) ? Add(quotient, new DecimalMagnitude(1)) : quotient;
    }

    /// <summary>True when 2 * remainder is not below the divisor.</summary>
    public static bool IsHalfOrMore(in DecimalMagnitude remainder, in DecimalMagnitude divisor) =>
        remainder.CompareTo(divisor) < 0 && Subtract(divisor, remainder).CompareTo(remainder) <= 0;

    public int CompareTo(DecimalMagnitude other)
    {
        if (Word3 != other.Word3)
            return Word3 < other.Word3 ? -1 : 1;
        if (Word2 != other.Word2)
            return Word2 < other.Word2 ? -1 : 1;
        if (Word1 != other.Word1)
            return Word1 < other.Word1 ? -1 : 1;
        return Word0.CompareTo(other.Word0);
    }

    public bool Equals(DecimalMagnitude other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is DecimalMagnitude other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Word0, Word1, Word2, Word3);

    /// <summary>Writes exactly <paramref name="digits"/>.Length decimal digits, with leading zeros.</summary>
    public void WriteDigits(Span<byte> digits)
    {
        DecimalMagnitude rest = this;
        int end = digits.Length;
        while (end > 0)
        {
            ulong chunk;
            if (rest.IsOneWord)
            {
                chunk = rest.Word0;
                rest = default;
                while (end > 0)
                {
                    (chunk, ulong digit) = Math.DivRem(chunk, 10);
                    digits[--end] = (byte)('0' + digit);
                }

                return;
            }

            Divide(rest, Powers[19], out rest, out DecimalMagnitude low);
            chunk = low.Word0;
            for (int i = 0; i < 19 && end > 0; i++)
            {
                (chunk, ulong digit) = Math.DivRem(chunk, 10);
                digits[--end] = (byte)('0' + digit);
            }
        }
    }

    private static DecimalMagnitude Pack(ReadOnlySpan<uint> digits) => new(
        digits[0] | ((ulong)digits[1] << 32), digits[2] | ((ulong)digits[3] << 32),
        digits[4] | ((ulong)digits[5] << 32), digits[6] | ((ulong)digits[7] << 32));

    /// <summary>Leaves the remainder in <paramref name="numerator"/>, which has one spare digit above its count.</summary>
    private static void LongDivide(Span<uint> numerator, int numeratorCount, Span<uint> denominator, Span<uint> quotient)
    {
        int count = 8;
        while (denominator[count - 1] == 0)
            count--;
        if (count == 1)
        {
            ulong rest = 0;
            for (int i = numeratorCount - 1; i >= 0; i--)
            {
                ulong value = (rest << 32) | numerator[i];
                quotient[i] = (uint)(value / denominator[0]);
                rest = value % denominator[0];
                numerator[i] = 0;
            }

            numerator[0] = (uint)rest;
            return;
        }

        int shift = BitOperations.LeadingZeroCount(denominator[count - 1]);
        ShiftLeft(denominator[..count], shift);
        ShiftLeft(numerator[..(numeratorCount + 1)], shift);
        for (int j = numeratorCount - count; j >= 0; j--)
        {
            ulong top = ((ulong)numerator[j + count] << 32) | numerator[j + count - 1];
            ulong guess = top / denominator[count - 1];
            ulong rest = top % denominator[count - 1];
            while (guess > uint.MaxValue || guess * denominator[count - 2] > ((rest << 32) | numerator[j + count - 2]))
            {
                guess--;
                rest += denominator[count - 1];
                if (rest > uint.MaxValue)
                    break;
            }

            if (SubtractProduct(numerator.Slice(j, count + 1), denominator[..count], guess))
            {
                guess--;
                AddBack(numerator.Slice(j, count + 1), denominator[..count]);
            }

            quotient[j] = (uint)guess;
        }

        ShiftRight(numerator[..(numeratorCount + 1)], shift);
    }

    private static bool SubtractProduct(Span<uint> target, ReadOnlySpan<uint> factor, ulong multiplier)
    {
        ulong carry = 0;
        long borrow = 0;
        for (int i = 0; i < factor.Length; i++)
        {
            ulong product = (multiplier * factor[i]) + carry;
            carry = product >> 32;
            long difference = (long)target[i] - (uint)product + borrow;
            target[i] = unchecked((uint)difference);
            borrow = difference >> 32;
        }

        long last = (long)target[factor.Length] - (long)carry + borrow;
        target[factor.Length] = unchecked((uint)last);
        return last < 0;
    }

    private static void AddBack(Span<uint> target, ReadOnlySpan<uint> addend)
    {
        ulong carry = 0;
        for (int i = 0; i < addend.Length; i++)
        {
            ulong sum = (ulong)target[i] + addend[i] + carry;
            target[i] = (uint)sum;
            carry = sum >> 32;
        }

        target[addend.Length] = unchecked(target[addend.Length] + (uint)carry);
    }

    private static void ShiftLeft(Span<uint> digits, int shift)
    {
        if (shift == 0)
            return;
        for (int i = digits.Length - 1; i > 0; i--)
            digits[i] = (digits[i] << shift) | (digits[i - 1] >> (32 - shift));
        digits[0] <<= shift;
    }

    private static void ShiftRight(Span<uint> digits, int shift)
    {
        if (shift == 0)
            return;
        for (int i = 0; i < digits.Length - 1; i++)
            digits[i] = (digits[i] >> shift) | (digits[i + 1] << (32 - shift));
        digits[^1] >>= shift;
    }

    private static DecimalMagnitude[] MakePowers()
    {
        DecimalMagnitude[] powers = new DecimalMagnitude[PowerMax + 1];
        BigInteger power = BigInteger.One;
        for (int i = 0; i < powers.Length; i++)
        {
            powers[i] = new DecimalMagnitude((ulong)(power & ulong.MaxValue), (ulong)((power >> 64) & ulong.MaxValue),
                (ulong)((power >> 128) & ulong.MaxValue), (ulong)(power >> 192));
            power *= 10;
        }

        return powers;
    }
}
