//go:build !linux

package engine

// peakMemory is not known here: units differ between systems.
func peakMemory(any) int64 { return 0 }

// OwnUsage is not known here.
func OwnUsage() Usage { return Usage{} }
