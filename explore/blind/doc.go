// Package blind counts what an off-path attacker must guess: of all sequence
// numbers, and of all acknowledgment numbers, how many make a forged segment do
// harm (RFC 5961).
//
//	Situation       the endpoint that is attacked, and its state
//	Attacks         the three attacks: RST, SYN, text
//	Situation.Odds  the numbers that work, of a space of any size up to 2^32
//
// What works is asked of [model.Step], number by number in a small space. In a
// large one it is asked at both ends and in the middle of each stretch between
// the numbers that the rules compare with; the tests hold this against every
// number of smaller spaces.
package blind
