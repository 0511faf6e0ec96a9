// How the matrix b of a product is stored, in fours; what is read of it is turned into vec4f at once.
import package::lib::vectors::Weight;

alias WeightQuad = vec4<Weight>;
