// Package scheduledreport declares what a report needs that a schedule starts and a state machine writes, apart from the
// report itself: its roles, the group of its schedules, the alarm over starts that failed, and the alert about an execution
// that failed.
package scheduledreport
