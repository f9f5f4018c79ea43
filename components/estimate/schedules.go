package estimate

import (
	"strconv"
	"strings"
)

func runsOfRate(number, unit string) (runs float64, known bool) {
	n, err := strconv.ParseFloat(number, 64)
	perMonth, ok := map[string]float64{"minute": 60 * 24 * daysOfMonth, "hour": 24 * daysOfMonth, "day": daysOfMonth}[strings.TrimSuffix(unit, "s")]
	if err != nil || n <= 0 || !ok {
		return 0, false
	}
	return perMonth / n, true
}

// runsOfCron knows minute, hour and day fields that are numbers, lists of them, or stand for all.
func runsOfCron(fields []string) (runs float64, known bool) {
	runs = 1
	for i, perField := range []float64{60, 24} {
		n, ok := choices(fields[i], perField)
		if !ok {
			return 0, false
		}
		runs *= n
	}
	ofMonth, ofWeek := fields[2], fields[4]
	switch {
	case fields[3] != "*" || fields[5] != "*":
		return 0, false
	case every(ofMonth) && every(ofWeek):
		return runs * daysOfMonth, true
	case every(ofMonth) && !strings.ContainsAny(ofWeek, "#L-/"):
		n, ok := choices(ofWeek, 7)
		return runs * n * weeks, ok
	case every(ofMonth) && strings.Contains(ofWeek, "#"):
		return runs, true
	case every(ofWeek):
		n, ok := choices(strings.TrimSuffix(ofMonth, "W"), daysOfMonth)
		return runs * n, ok
	default:
		return 0, false
	}
}

func every(field string) bool { return field == "*" || field == "?" }

// choices is how many values a field names.
func choices(field string, all float64) (n float64, known bool) {
	if every(field) {
		return all, true
	}
	if strings.ContainsAny(field, "-/#") {
		return 0, false
	}
	return float64(strings.Count(field, ",") + 1), true
}
