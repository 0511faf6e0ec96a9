// What the projections of a decode step have in common. An invocation makes four products of each of ROWS rows, the
// same rows as the others of its workgroup.
// subgroups: a row is read by every fourth invocation, which tells the others of its subgroup.
import package::lib::vectors::{Vector, VECTOR_SIZE, vector_sum};
import constants::ROWS;

// Rows that an invocation reads itself.
@if(subgroups) const READ = ROWS / 4;
@if(!subgroups) const READ = ROWS;

// Of a row that is not there, in place of its number.
const INVALID = 0xffffffffu;

// The factor of RMSNorm, from the squares of a row of `depth` Vectors.
fn norm_factor(squares: Vector, depth: u32, epsilon: f32) -> f32 {
  return 1.0 / sqrt(vector_sum(squares) / f32(depth * VECTOR_SIZE) + epsilon);
}
