package usage

import (
	"syscall"
	"time"
)

// peakMemory is the largest resident set, which Linux gives in kilobytes: https://man7.org/linux/man-pages/man2/getrusage.2.html.
func peakMemory(usage any) int64 {
	if usage, ok := usage.(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}

// Own is what this process has used so far.
func Own() Usage {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return Usage{}
	}
	return Usage{CPU: time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), Memory: peakMemory(&usage)}
}
