//go:build !linux

package usage

// peakMemory is not known here: units differ between systems.
func peakMemory(any) int64 { return 0 }

// Own is not known here.
func Own() Usage { return Usage{} }
