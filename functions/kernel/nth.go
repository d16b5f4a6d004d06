package kernel

import "slices"

// Nth moves the values so that values[k] is the one that sorting would put there, with
// none greater before it and none less behind it.
func Nth[T Integer](values []T, k int) {
	for lo, hi := 0, len(values)-1; hi-lo > 16; {
		mid := lo + (hi-lo)/2
		a, b, c := values[lo], values[mid], values[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
		if hi-lo <= 16 {
			slices.Sort(values[lo : hi+1])
			return
		}
	}
	if len(values) <= 17 {
		slices.Sort(values)
	}
}
