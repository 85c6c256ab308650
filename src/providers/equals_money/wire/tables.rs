//! The two tables in which a row's members stand: what a request may set, and what an answer shows.

/// What a request changes in a row: a line for each member, with the type of the row's field and how it is read. The
/// lines stand in the order in which the vendor names what is wrong.
macro_rules! patch {
    (
        $(#[$about:meta])*
        $Patch:ident of $Row:ident, by |$reader:ident $(, $own:ident)?| {
            $($field:ident: $type:ty = $read:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(crate) struct $Patch { $(pub(crate) $field: Option<$type>),* }

        impl $Patch {
            fn read($reader: &mut Reader<'_> $(, $own: &$Row)?) -> Self {
                Self { $($field: $read),* }
            }

            /// Changes a row; absent members stay.
            pub(crate) fn apply(self, row: &mut $Row) {
                $(if let Some(value) = self.$field {
                    row.$field = value;
                })*
            }
        }
    };
}

/// An answer: what it is made of, and a line for each member in the order in which the vendor shows them. A member
/// with an `if` is left out where that does not hold.
macro_rules! shown {
    (
        $(#[$about:meta])*
        $Answer:ident { $($part:ident: $type:ty),* } {
            $($name:literal $(if $wanted:expr)? => $value:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $Answer<'a> { $(pub(crate) $part: $type),* }

        impl serde::Serialize for $Answer<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self { $($part),* } = *self;
                let mut map = serializer.serialize_map(None)?;
                $(if true $(&& $wanted)? {
                    serde::ser::SerializeMap::serialize_entry(&mut map, $name, &$value)?;
                })*
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}

pub(super) use {patch, shown};
