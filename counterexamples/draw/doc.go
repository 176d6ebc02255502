// Package draw writes a run of two TCPs in forms that people and other
// programs read: a ladder as text, SVG, Mermaid, HTML to step through, and as
// data for a capture tool, for a graph and for model checkers.
//
// [Write] is all there is to call; [Formats] lists what it knows. Every form
// is made of one [trace.Trace], told once as a story: for each segment when it
// left and what became of it, and for each step what happened, in words.
//
// Texts of a trace come from files that others wrote. Each form escapes them;
// control characters are never written.
package draw
