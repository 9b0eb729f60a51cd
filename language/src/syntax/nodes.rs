//! The names of the grammar's nodes and fields. They stand here and nowhere
//! else; a test compares them with what the grammar declares.

use std::sync::LazyLock;

macro_rules! kinds {
    ($($variant:ident = $name:literal;)*) => {
        /// What a node is. The variants carry the names of the grammar.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is called as its node")]
        pub enum Kind {
            $($variant,)*
            /// Text that fits nowhere.
            Error,
            /// A keyword, an operator or a bracket.
            Token,
        }

        impl Kind {
            const NAMED: &[(Kind, &str)] = &[$((Kind::$variant, $name),)*];
        }
    };
}

macro_rules! fields {
    ($($variant:ident = $name:literal;)*) => {
        /// The part that a child plays in its node, called as in the grammar.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is called as its field")]
        pub enum Field {
            $($variant,)*
        }

        impl Field {
            const NAMED: &[(Field, &str)] = &[$((Field::$variant, $name),)*];
        }
    };
}

kinds! {
    ArgumentList = "argument_list";
    ArrayLiteral = "array_literal";
    ArrayRepeat = "array_repeat";
    AssignmentExpression = "assignment_expression";
    AssignmentStatement = "assignment_statement";
    BenchBlock = "bench_block";
    BinaryExpression = "binary_expression";
    Block = "block";
    BlockValue = "block_value";
    BlockComment = "block_comment";
    Boolean = "boolean";
    BreakStatement = "break_statement";
    CallExpression = "call_expression";
    CastExpression = "cast_expression";
    CastType = "cast_type";
    ComplexNumber = "complex_number";
    ConstraintList = "constraint_list";
    ContinueStatement = "continue_statement";
    DimensionList = "dimension_list";
    Dictionary = "dictionary";
    DictionaryEntry = "dictionary_entry";
    DottedName = "dotted_name";
    EmbeddingDeclaration = "embedding_declaration";
    EmbeddingField = "embedding_field";
    EntityDeclaration = "entity_declaration";
    EntitySet = "entity_set";
    EntityType = "entity_type";
    Equation = "equation";
    EquationStatement = "equation_statement";
    EscapeSequence = "escape_sequence";
    ExpressionStatement = "expression_statement";
    FieldDeclaration = "field_declaration";
    FieldExpression = "field_expression";
    FieldInitializer = "field_initializer";
    FieldPattern = "field_pattern";
    Float = "float";
    ForStatement = "for_statement";
    ForeignHeader = "foreign_header";
    FormattedString = "formatted_string";
    FunctionDeclaration = "function_declaration";
    HeaderColon = "header_colon";
    Identifier = "identifier";
    IfExpression = "if_expression";
    ImplBody = "impl_body";
    ImplDeclaration = "impl_declaration";
    ImportDeclaration = "import_declaration";
    IndexExpression = "index_expression";
    IndexList = "index_list";
    InferClause = "infer_clause";
    InferStatement = "infer_statement";
    InlineIfExpression = "inline_if_expression";
    Integer = "integer";
    InvalidHashComment = "invalid_hash_comment";
    InvalidName = "invalid_name";
    InvalidSpace = "invalid_space";
    LearnBlock = "learn_block";
    LearnField = "learn_field";
    LearnStatement = "learn_statement";
    LegacyMain = "legacy_main";
    LetStatement = "let_statement";
    LineComment = "line_comment";
    LoopStatement = "loop_statement";
    MainBlock = "main_block";
    MalformedNumber = "malformed_number";
    MatchArm = "match_arm";
    MatchExpression = "match_expression";
    MisplacedDeclaration = "misplaced_declaration";
    MissingBlock = "missing_block";
    MissingBracket = "missing_bracket";
    MissingName = "missing_name";
    MissingType = "missing_type";
    MissingValue = "missing_value";
    Modifier = "modifier";
    NamedArgument = "named_argument";
    NamedType = "named_type";
    NegativeNumber = "negative_number";
    NumericFieldExpression = "numeric_field_expression";
    OrPattern = "or_pattern";
    Parameter = "parameter";
    ParameterList = "parameter_list";
    ParenthesizedExpression = "parenthesized_expression";
    PrimitiveType = "primitive_type";
    PropertyIdentifier = "property_identifier";
    PythonCall = "python_call";
    PythonImportStatement = "python_import_statement";
    QueryExpression = "query_expression";
    QueryStatement = "query_statement";
    RangeExpression = "range_expression";
    RelationDeclaration = "relation_declaration";
    RelationEmbeddingDeclaration = "relation_embedding_declaration";
    ReservedName = "reserved_name";
    ReturnStatement = "return_statement";
    RuleBody = "rule_body";
    RuleDeclaration = "rule_declaration";
    ScopedIdentifier = "scoped_identifier";
    Semicolon = "semicolon";
    SingleQuotedString = "single_quoted_string";
    SliceRange = "slice_range";
    SourceFile = "source_file";
    StepStatement = "step_statement";
    StrayComma = "stray_comma";
    StrayStatement = "stray_statement";
    String = "string";
    StringContent = "string_content";
    StructBody = "struct_body";
    StructDeclaration = "struct_declaration";
    StructLiteral = "struct_literal";
    StructPattern = "struct_pattern";
    TensorDeclaration = "tensor_declaration";
    TensorType = "tensor_type";
    TestBlock = "test_block";
    TupleExpression = "tuple_expression";
    TuplePattern = "tuple_pattern";
    TupleType = "tuple_type";
    TypeArguments = "type_arguments";
    TypeParameters = "type_parameters";
    UnaryExpression = "unary_expression";
    UnknownEscapeSequence = "unknown_escape_sequence";
    UnterminatedBlockComment = "unterminated_block_comment";
    UnterminatedString = "unterminated_string";
    WhileStatement = "while_statement";
    WildcardDimension = "wildcard_dimension";
    WildcardPattern = "wildcard_pattern";
    WithStatement = "with_statement";
}

fields! {
    Alias = "alias";
    Alternative = "alternative";
    Arguments = "arguments";
    Arrow = "arrow";
    Body = "body";
    Condition = "condition";
    Consequence = "consequence";
    Constraints = "constraints";
    Count = "count";
    Declaration = "declaration";
    Default = "default";
    Dimensions = "dimensions";
    Element = "element";
    Embedding = "embedding";
    End = "end";
    Expression = "expression";
    Field = "field";
    Function = "function";
    Guard = "guard";
    Head = "head";
    Header = "header";
    Index = "index";
    Iterable = "iterable";
    Key = "key";
    Keyword = "keyword";
    Left = "left";
    Members = "members";
    Method = "method";
    Modifier = "modifier";
    Module = "module";
    Name = "name";
    Object = "object";
    Operand = "operand";
    Operator = "operator";
    Parameters = "parameters";
    Path = "path";
    Pattern = "pattern";
    Query = "query";
    ReturnType = "return_type";
    Right = "right";
    Scope = "scope";
    Separator = "separator";
    Start = "start";
    Statement = "statement";
    Target = "target";
    Trait = "trait";
    Type = "type";
    TypeParameters = "type_parameters";
    Value = "value";
    Variable = "variable";
}

/// The number that tree-sitter gives to every `ERROR` node.
const ERROR: u16 = u16::MAX;

impl Kind {
    /// The kind that the grammar numbers `id`.
    pub(super) fn of(id: u16) -> Kind {
        if id == ERROR { Kind::Error } else { KINDS.get(id as usize).copied().unwrap_or(Kind::Token) }
    }
}

impl Field {
    /// The grammar's number of this field.
    pub(super) fn id(self) -> u16 {
        FIELDS.get(self as usize).copied().unwrap_or_default()
    }
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let language = super::language();
    let kind = |id: u16| {
        let name = language.node_kind_for_id(id).filter(|_| language.node_kind_is_named(id))?;
        Kind::NAMED.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    };
    (0..language.node_kind_count() as u16).map(|id| kind(id).unwrap_or(Kind::Token)).collect()
});

static FIELDS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let language = super::language();
    let id = |name: &str| language.field_id_for_name(name).map_or(0, |id| id.get());
    Field::NAMED.iter().map(|(_, name)| id(name)).collect()
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn declared() -> Vec<Value> {
        serde_json::from_str(tree_sitter_tensorlogic::NODE_TYPES).unwrap()
    }

    #[test]
    fn kinds_are_those_of_the_grammar() {
        let nodes = declared();
        let concrete = nodes.iter().filter(|node| node["named"] == true && node.get("subtypes").is_none());
        let grammar: BTreeSet<&str> = concrete.map(|node| node["type"].as_str().unwrap()).collect();
        let here: BTreeSet<&str> = Kind::NAMED.iter().map(|(_, name)| *name).collect();
        assert_eq!(here, grammar);
    }

    #[test]
    fn fields_are_those_of_the_grammar() {
        let nodes = declared();
        let fields = nodes.iter().filter_map(|node| node.get("fields")?.as_object());
        let grammar: BTreeSet<&str> = fields.flat_map(|fields| fields.keys().map(String::as_str)).collect();
        let here: BTreeSet<&str> = Field::NAMED.iter().map(|(_, name)| *name).collect();
        assert_eq!(here, grammar);
    }

    #[test]
    fn every_kind_has_a_number() {
        for (kind, name) in Kind::NAMED {
            assert!(KINDS.contains(kind), "{name}");
        }
        assert!(FIELDS.iter().all(|id| *id != 0));
    }
}
