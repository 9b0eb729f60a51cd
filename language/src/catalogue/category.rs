//! What builtins are about: the groups of completion lists and of the reference.

macro_rules! categories {
    ($($category:ident = $title:literal;)*) => {
        /// What a builtin is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Category {
            $(#[doc = concat!($title, ".")] $category,)*
        }

        impl Category {
            /// Every category, in the order of the reference.
            pub const ALL: &[Category] = &[$(Category::$category,)*];

            /// Its title.
            pub fn title(self) -> &'static str {
                match self { $(Category::$category => $title,)* }
            }
        }
    };
}

categories! {
    Io = "Input and output";
    Text = "Text";
    Process = "The run";
    Conversion = "Conversion";
    Collections = "Collections";
    Creation = "Creation";
    Shapes = "Shapes";
    Indexing = "Indexing";
    Arithmetic = "Arithmetic";
    Mathematics = "Functions of one element";
    Reductions = "Reductions";
    LinearAlgebra = "Linear algebra";
    Activations = "Activations";
    Normalization = "Normalization";
    Positions = "Positions";
    Masks = "Masks";
    Attention = "Attention";
    Caches = "KV caches";
    Sampling = "Sampling";
    Tokenizers = "Tokenizers";
    Models = "Models and weight files";
    Training = "Training";
    Optimizers = "Optimizers and schedulers";
    KnowledgeGraphs = "Knowledge graphs";
    GraphNetworks = "Graph networks";
    Fused = "Fused operations";
    Candle = "Candle's names";
    Memory = "Devices and memory";
}
